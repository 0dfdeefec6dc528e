"""The service that other systems call: JSON below `/v1`, documented by its own OpenAPI.

In: requests.  Out: JSON, or problem+json. Imports desk, problems and below.
"""
