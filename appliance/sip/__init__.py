"""SIP payloads -> SipMessage, headers, SDP. Pure, and never raises on what the network sent."""
