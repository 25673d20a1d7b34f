"""A captured call as two scenarios for SIPp (FEATURES G3): the caller's side and the callee's."""
