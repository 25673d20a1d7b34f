"""What agents report of media: RTCP and reports of every kind -> measured streams, and what a listener thinks of them.

Pure: octets in, `model.quality.Measured` out.
"""
