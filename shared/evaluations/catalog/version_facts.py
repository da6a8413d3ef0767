"""Versions by their facts: the state of an agent, as texts by name, that is one version.

An item claims the facts for a version of the product, so that concurrent requests get one
version. Its name has a digest of the facts. A claim whose version was deleted is replaced.
"""

import hashlib
from collections.abc import Sequence

from shared.core.errors import Conflict, InvalidInput
from shared.core.ids import ApiKeyId, OrganizationId, ProductId, VersionId
from shared.core.json import dumps
from shared.evaluations.catalog.domain import Product, Version
from shared.evaluations.catalog.filters import CatalogFilter
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.list_windows import Window
from shared.storage.contention import retry_on_contention
from shared.storage.records import Key, Record
from shared.storage.repository import Created, replacement
from shared.storage.transactions import Action, Create, write

#: The Galtea SDK knows a taken name by this text.
NAME_TAKEN = "A Version with the same Name already exists."
#: Fact that is the version's model too.
_MODEL = "model"
_CLAIM = "version-facts"


class VersionFacts:
    """Use case of versions that are known by their facts."""

    def __init__(
        self, versions: CatalogRepository[Version], products: CatalogRepository[Product]
    ) -> None:
        self._versions = versions
        self._products = products

    def get_or_create(
        self,
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        product: str,
        facts: dict[str, str],
        name: str | None = None,
    ) -> Created[Version]:
        """Return the version of a product that has these facts, or create it.

        Three reads for a version that exists; else two, a query a shard for its name or number,
        and a transaction. Raises ``InvalidInput`` without facts, ``NotFound`` for an unknown
        product, and ``Conflict`` if another version of the product has the name.
        """
        if not facts:
            raise InvalidInput("facts: must have a fact with a name and a value.")
        table = self._versions.table

        def attempt() -> Created[Version]:
            parent = self._products.load_named(organization_id, product, "product_id")
            key = _claim_key(parent.entity.id, organization_id, facts)
            claim = table.get(key)
            if claim and (found := self._claimed(organization_id, claim)):
                return Created(found, replayed=True)
            version = Version(
                id=VersionId.new(),
                organization_id=organization_id,
                user_id=user_id,
                created_at=self._versions.clock(),
                product_id=parent.entity.id,
                name=self._free_name(organization_id, parent.entity.id, name),
                model_id=facts.get(_MODEL),
                facts=facts,
            )
            record = Record(key=key, type=_CLAIM, body={"version_id": str(version.id)})
            claiming: Sequence[Action] = (
                replacement(claim, record, table.now()) if claim else [Create(record)]
            )
            created = Create(self._versions.codec.to_record(version))
            write(table, [created, *claiming, *self._products.adding_child(parent, version.id)])
            return Created(version)

        return retry_on_contention(table.sleep, attempt)

    def _claimed(self, organization_id: OrganizationId, claim: Record) -> Version | None:
        key = self._versions.key_of(organization_id, claim.body["version_id"])
        loaded = self._versions.loaded(self._versions.table.get(key)) if key else None
        return loaded.entity if loaded else None

    def _free_name(
        self, organization_id: OrganizationId, product_id: ProductId, name: str | None
    ) -> str:
        """Return the name of a new version: its number without one. Raises ``Conflict``."""
        if not name:
            return f"v{self._versions.count_children(organization_id, product_id) + 1}"
        same = self._versions.find(organization_id, CatalogFilter(names=(name,)), Window())
        if any(one.entity.product_id == product_id for one in same):
            raise Conflict(NAME_TAKEN)
        return name


def _claim_key(
    product_id: ProductId, organization_id: OrganizationId, facts: dict[str, str]
) -> Key:
    """Return the key of the item that claims facts; their order does not matter."""
    content = dumps([str(product_id), sorted(facts.items())])
    digest = hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()
    return Key(f"{organization_id}#version#facts-{digest}", _CLAIM)
