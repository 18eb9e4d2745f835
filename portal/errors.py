"""What may go wrong on the operator's machine, told so that they can act on it."""


class PortalError(Exception):
    """The portal cannot do what was asked. The text says why and what to do; no trace is shown."""
