"""hepbox: records and explains SIP and RTC traffic that agents send as HEP.

The route of a packet, folder by folder:

    ingest.receiver   a datagram or a TCP frame is read and put in a batch with its time and sender
    buffer.packets    the batch waits in a Redis stream until a writer has stored it
    ingest.writer     takes batches, and for each datagram
      hep.decode        the HEP envelope -> model.packet.Packet
      sip.parse         the payload -> model.message.SipMessage
    storage.store     one transaction: rows, message texts, "these calls changed", the batch's name
    ingest.settler    folds the messages of changed calls (calls.fold) into call records
    storage.search    answers questions; export and web show the answers
"""

__version__ = "0.1.0"
