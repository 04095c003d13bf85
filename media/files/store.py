"""Whether the store of files answers: a folder, or a bucket of an object store."""

BUCKETS = ("botocore", "boto3", "s3transfer")
NO_ANSWER = "Photo storage is not responding. Nothing was saved. Try again in a minute."


def is_bucket_error(kind: type) -> bool:
    """Return True if an object store raises this; its libraries are loaded only where one is used."""
    return kind.__module__.split(".")[0] in BUCKETS


def is_down(error: Exception) -> bool:
    """Return True if this is the store's error and no fault of ours."""
    return isinstance(error, OSError) or is_bucket_error(type(error))
