"""The emulator, checked by what its authors did not write: boto3, the aws command, botocore's serialisers and parsers, moto."""
