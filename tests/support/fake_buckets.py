"""Token buckets in memory, which take as those of the table do."""

from dataclasses import dataclass, field, replace

from shared.storage.buckets import Bucket, BucketSize
from shared.storage.records import Key


@dataclass
class FakeBuckets:
    """Buckets by key, and the number of writes that DynamoDB would have charged."""

    buckets: dict[Key, Bucket] = field(default_factory=dict)
    writes: int = 0

    def take(
        self, key: Key, tokens: int, size: BucketSize, now: int, known: Bucket
    ) -> tuple[Bucket, bool]:
        bucket = self.buckets.get(key, Bucket())
        self.writes += 1
        if not size.holds(bucket, tokens, now):
            return replace(bucket, is_shared=known.is_shared), False
        is_used = bucket.full_at >= now
        is_shared = known.is_shared
        if is_used != (is_shared or known.full_at >= now):
            # The process expected a full bucket, or one in use, and met the other.
            self.writes += 1
            is_shared = is_used
        full_at = max(bucket.full_at, now) + size.duration(tokens)
        taken = self.buckets[key] = Bucket(full_at, bucket.taken + tokens, is_shared)
        return taken, True
