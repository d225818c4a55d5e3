"""Settings of all tests."""

from hypothesis import settings

# Nothing is timed in a test: a busy machine is no defect.
settings.register_profile("tongchuan", deadline=None)
settings.load_profile("tongchuan")
