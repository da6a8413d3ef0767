"""Organizations, and the service calls of the command that creates the first key."""

from datetime import timedelta

import pytest

from shared.core.errors import Conflict, InvalidInput
from shared.core.ids import OrganizationId
from shared.identity.domain import Organization
from shared.identity.service import IdentityService
from tests.support.clocks import FixedClock
from tests.unit.identity.conftest import Authorize


def test_new_organization_is_readable_and_has_no_usage_key(
    service: IdentityService, organization: Organization
) -> None:
    assert service.organization(organization.id) == organization
    assert organization.usage_key is None


def test_organization_id_in_use_is_rejected(
    service: IdentityService, organization: Organization
) -> None:
    with pytest.raises(Conflict):
        service.create_organization(organization.id, "Acme")
    assert service.organization(organization.id) == organization
    assert service.organization(OrganizationId.new()) is None


def test_expiry_must_be_later_than_now(
    service: IdentityService, organization: Organization, clock: FixedClock, authorize: Authorize
) -> None:
    with pytest.raises(InvalidInput):
        service.create_api_key(organization.id, "k", ["read"], expires_at=clock())
    created = service.create_api_key(
        organization.id, "k", ["read"], expires_at=clock() + timedelta(microseconds=1)
    )
    authorize.key(created.secret)
