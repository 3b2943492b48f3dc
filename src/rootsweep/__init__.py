"""rootsweep proves that no root user access key exists in any of your AWS accounts."""

__version__ = "0.1.0"
