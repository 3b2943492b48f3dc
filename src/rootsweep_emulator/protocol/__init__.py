"""AWS's wire protocols, driven by botocore's service models: requests to parameters, answers to bytes."""
