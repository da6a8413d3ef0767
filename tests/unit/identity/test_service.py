"""Organisations, and what the command that makes the first key stands on."""

from datetime import timedelta

import pytest

from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.core.ids import ApiKeyId, OrganizationId
from shared.identity.models import Organization
from shared.identity.service import IdentityService, MadeKey
from tests.unit.identity.conftest import FixedClock


def test_given_a_new_organisation_then_it_can_be_read_and_has_a_usage_key_of_its_own(
    service: IdentityService, organization: Organization
) -> None:
    assert service.organization(organization.id) == organization
    other = service.create_organization(OrganizationId.new(), "Other")
    assert other.usage_key != organization.usage_key
    # API Gateway takes key values of 20 to 128 characters.
    assert 20 <= len(other.usage_key) <= 128


def test_given_an_id_in_use_then_no_second_organisation_is_made(
    service: IdentityService, organization: Organization
) -> None:
    with pytest.raises(Conflict):
        service.create_organization(organization.id, "Acme")
    assert service.organization(organization.id) == organization


def test_given_an_unknown_organisation_then_there_is_none(service: IdentityService) -> None:
    assert service.organization(OrganizationId.new()) is None
    with pytest.raises(NotFound):
        service.create_api_key(OrganizationId.new(), "k", ["read"])


def test_given_a_key_of_another_organisation_then_it_cannot_be_revoked(
    service: IdentityService, made: MadeKey
) -> None:
    other = service.create_organization(OrganizationId.new(), "Other")
    for organization_id, key_id in (
        (other.id, made.key.id),
        (made.key.organization_id, ApiKeyId.new()),
    ):
        with pytest.raises(NotFound):
            service.revoke_api_key(organization_id, key_id)
    assert service.recognise(made.secret) == made.key


def test_given_an_end_that_is_now_then_it_is_refused(
    service: IdentityService, organization: Organization, clock: FixedClock
) -> None:
    with pytest.raises(InvalidInput):
        service.create_api_key(organization.id, "k", ["read"], expires_at=clock())
    made = service.create_api_key(
        organization.id, "k", ["read"], expires_at=clock() + timedelta(microseconds=1)
    )
    assert service.recognise(made.secret) == made.key
