"""Whether the store of files answers: a folder, or a bucket of an object store."""

BUCKETS = ("botocore", "boto3", "s3transfer")


def is_down(error: Exception) -> bool:
    """Return True if this is the store's error and no fault of ours; its libraries are loaded only where one is used."""
    return isinstance(error, OSError) or type(error).__module__.split(".")[0] in BUCKETS
