"""PutObject, GetObject, HeadObject and ListObjectsV2 of general purpose buckets (Amazon S3 API reference), path-style."""

import base64
import hashlib
import zlib
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call, moment
from tests.receivers.state import Bucket, StoredObject, receivers_of

_PAGE: Final = 1000
_NOT_FOUND: Final = 404
_PRECONDITION_FAILED: Final = 412


def put_object(call: Call) -> Answer:
    """Store an object; with ``If-None-Match: *`` only where there is none (User Guide, "Conditional writes")."""
    parameters, bucket = call.parameters, _bucket(call)
    key, body = parameters["Key"], parameters["Body"]
    if parameters.get("IfNoneMatch") not in {None, "*"}:
        raise ServiceError("NotImplemented", "A header you provided implies functionality that is not implemented", 501)
    if "IfNoneMatch" in parameters and key in bucket.objects:
        raise ServiceError(
            "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", _PRECONDITION_FAILED
        )
    crc32 = base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    if parameters.get("ChecksumCRC32", crc32) != crc32:
        raise ServiceError("BadDigest", "The CRC32 you specified did not match the calculated checksum.")
    etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
    content_type = parameters.get("ContentType", "binary/octet-stream")
    kept = crc32 if "ChecksumCRC32" in parameters else None
    bucket.objects[key] = StoredObject(body, etag, content_type, call.now, kept)
    answer = {"ETag": etag, "ServerSideEncryption": parameters.get("ServerSideEncryption", "AES256")}
    return answer | ({} if kept is None else {"ChecksumCRC32": kept, "ChecksumType": "FULL_OBJECT"})


def get_object(call: Call) -> Answer:
    """Give an object."""
    stored = _object(call)
    return _described(stored) | {"Body": stored.body}


def head_object(call: Call) -> Answer:
    """Describe an object."""
    return _described(_object(call))


def list_objects_v2(call: Call) -> Answer:
    """List the objects of a bucket by key; the token of a page is the last key of the one before."""
    parameters, bucket = call.parameters, _bucket(call)
    prefix, most = parameters.get("Prefix", ""), min(parameters.get("MaxKeys", _PAGE), _PAGE)
    after = parameters.get("ContinuationToken") or parameters.get("StartAfter", "")
    keys = sorted(key for key in bucket.objects if key.startswith(prefix) and key > after)
    page = keys[:most]
    encoding = parameters.get("EncodingType")
    encoded: Callable[[str], str] = quote if encoding == "url" else str
    answer: Answer = {
        "IsTruncated": len(page) < len(keys),
        "Name": parameters["Bucket"],
        "Prefix": encoded(prefix),
        "MaxKeys": most,
        "KeyCount": len(page),
    }
    if encoding is not None:
        answer["EncodingType"] = encoding
    if page:
        answer["Contents"] = [_listed(encoded(key), bucket.objects[key]) for key in page]
    if answer["IsTruncated"] and page:
        answer["NextContinuationToken"] = page[-1]
    return answer


def bucket_resource(call: Call) -> str:
    """Name the bucket, as denials do."""
    return f"arn:{call.account.partition}:s3:::{call.parameters['Bucket']}"


def object_resource(call: Call) -> str:
    """Name the object, as denials do."""
    return f"{bucket_resource(call)}/{call.parameters['Key']}"


def _bucket(call: Call) -> Bucket:
    bucket = receivers_of(call.world).buckets.get(call.parameters["Bucket"])
    if bucket is None:
        raise ServiceError("NoSuchBucket", "The specified bucket does not exist", _NOT_FOUND)
    if bucket.account_id != call.account.id:
        raise ServiceError("AccessDenied", "Access Denied")
    return bucket


def _object(call: Call) -> StoredObject:
    stored = _bucket(call).objects.get(call.parameters["Key"])
    if stored is None:
        raise ServiceError("NoSuchKey", "The specified key does not exist.", _NOT_FOUND)
    return stored


def _described(stored: StoredObject) -> Answer:
    return {
        "AcceptRanges": "bytes",
        "LastModified": moment(stored.stored_at),
        "ContentLength": len(stored.body),
        "ETag": stored.etag,
        "ContentType": stored.content_type,
        "ServerSideEncryption": "AES256",
    }


def _listed(key: str, stored: StoredObject) -> Answer:
    listed = {
        "Key": key,
        "LastModified": moment(stored.stored_at),
        "ETag": stored.etag,
        "Size": len(stored.body),
        "StorageClass": "STANDARD",
    }
    return listed | ({} if stored.checksum_crc32 is None else {"ChecksumAlgorithm": ["CRC32"], "ChecksumType": "FULL_OBJECT"})
