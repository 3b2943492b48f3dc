"""The executors' ports, on AWS: sessions opened, calls made, answers turned into values."""
