# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True
"""Reads a UDP socket dry by recvmmsg(2), compiled: many datagrams a system call, straight into records of a batch.

What `Receiver._drain` does in plain Python one datagram at a time; the records are the same to the octet
(buffer/batch.py), which tests/ingest/test_drain.py shows. For receivers that let every sender in.
"""

from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memcpy, memset, strlen

cdef extern from *:
    """
    #ifndef _GNU_SOURCE
    #define _GNU_SOURCE
    #endif
    #include <errno.h>
    #include <netdb.h>
    #include <netinet/in.h>
    #include <stdio.h>
    #include <string.h>
    #include <sys/socket.h>
    #include <sys/uio.h>
    #include <time.h>

    #define AT_ONCE 64
    #define LARGEST 65536
    #define ANCILLARY 64
    #define ADDRESS 64

    struct slots {
        struct mmsghdr messages[AT_ONCE];
        struct iovec vectors[AT_ONCE];
        struct sockaddr_storage senders[AT_ONCE];
        char ancillary[AT_ONCE][ANCILLARY];
        unsigned char data[AT_ONCE][LARGEST];
    };

    static int slots_read(struct slots *s, int descriptor, int most) {
        for (int i = 0; i < most; i++) {
            struct msghdr *head = &s->messages[i].msg_hdr;
            s->vectors[i].iov_base = s->data[i];
            s->vectors[i].iov_len = LARGEST;
            memset(head, 0, sizeof *head);
            head->msg_iov = &s->vectors[i];
            head->msg_iovlen = 1;
            head->msg_name = &s->senders[i];
            head->msg_namelen = sizeof s->senders[i];
            head->msg_control = s->ancillary[i];
            head->msg_controllen = ANCILLARY;
        }
        int got = recvmmsg(descriptor, s->messages, most, MSG_DONTWAIT, NULL);
        return got >= 0 ? got : -errno;
    }

    /* Microseconds of the kernel's time of arrival, 0 where it gave none. */
    static unsigned long long slot_arrival_us(struct slots *s, int i) {
        struct msghdr *head = &s->messages[i].msg_hdr;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c != NULL; c = CMSG_NXTHDR(head, c)) {
            if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
                struct timespec at;
                memcpy(&at, CMSG_DATA(c), sizeof at);
                return (unsigned long long)at.tv_sec * 1000000ULL + at.tv_nsec / 1000;
            }
        }
        return 0;
    }

    /* The sender's address as text (an IPv4-mapped one as IPv4), and its port. */
    static int slot_sender(struct slots *s, int i, char *text, unsigned short *port) {
        struct sockaddr_storage *from = &s->senders[i];
        if (from->ss_family == AF_INET) {
            struct sockaddr_in *v4 = (struct sockaddr_in *)from;
            unsigned char *o = (unsigned char *)&v4->sin_addr;
            *port = ntohs(v4->sin_port);
            return snprintf(text, ADDRESS, "%u.%u.%u.%u", o[0], o[1], o[2], o[3]);
        }
        *port = ntohs(((struct sockaddr_in6 *)from)->sin6_port);
        if (getnameinfo((struct sockaddr *)from, s->messages[i].msg_hdr.msg_namelen, text, ADDRESS, NULL, 0, NI_NUMERICHOST))
            text[0] = 0;
        if (strncmp(text, "::ffff:", 7) == 0)
            memmove(text, text + 7, strlen(text + 7) + 1);
        return (int)strlen(text);
    }

    static unsigned slot_size(struct slots *s, int i) { return s->messages[i].msg_len; }
    """
    cdef struct slots:
        unsigned char data[64][65536]
    int slots_read(slots *s, int descriptor, int most) nogil
    unsigned long long slot_arrival_us(slots *s, int i) nogil
    int slot_sender(slots *s, int i, char *text, unsigned short *port) nogil
    unsigned slot_size(slots *s, int i) nogil
    int EAGAIN, EWOULDBLOCK, EINTR

cdef enum:
    AT_ONCE = 64
    HEAD = 16
    LONGEST_ADDRESS = 64


cdef class Drain:
    """Reads sockets for one process."""

    cdef slots* _slots
    cdef unsigned char* _records
    cdef Py_ssize_t _room

    def __cinit__(self):
        self._slots = <slots*>calloc(1, sizeof(slots))
        self._room = 1 << 20
        self._records = <unsigned char*>realloc(NULL, self._room)
        if self._slots == NULL or self._records == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self._slots)
        free(self._records)

    def read(self, int descriptor, int most, unsigned long long now_us):
        """(records as octets, how many, octets of their data) of at most `most` datagrams; raises OSError.

        `now_us` stands in where the kernel gave no time of arrival.
        """
        cdef Py_ssize_t used = 0, octets = 0
        cdef int count = 0, got, wanted, index
        while count < most:
            wanted = min(AT_ONCE, most - count)
            with nogil:
                got = slots_read(self._slots, descriptor, wanted)
            if got < 0:
                if got == -EAGAIN or got == -EWOULDBLOCK or got == -EINTR or count:
                    break
                raise OSError(-got, "recvmmsg failed")
            for index in range(got):
                octets += slot_size(self._slots, index)
                used = self._put(index, used, now_us)
            count += got
            if got < wanted:
                break
        return PyBytes_FromStringAndSize(<char*>self._records, used), count, octets

    cdef Py_ssize_t _put(self, int index, Py_ssize_t used, unsigned long long now_us) except -1:
        """One record behind the others: buffer/batch.py, `<QHBBI`, sender, data."""
        cdef char sender[LONGEST_ADDRESS]
        cdef unsigned short port = 0
        cdef int sender_length = slot_sender(self._slots, index, sender, &port)
        cdef unsigned int size = slot_size(self._slots, index)
        cdef unsigned long long arrival_us = slot_arrival_us(self._slots, index)
        cdef unsigned char* to
        if used + HEAD + sender_length + <Py_ssize_t>size > self._room:
            self._grow()
        to = self._records + used
        if arrival_us == 0:
            arrival_us = now_us
        memcpy(to, &arrival_us, 8)
        memcpy(to + 8, &port, 2)
        to[10] = 0
        to[11] = <unsigned char>sender_length
        memcpy(to + 12, &size, 4)
        memcpy(to + HEAD, sender, sender_length)
        memcpy(to + HEAD + sender_length, self._slots.data[index], size)
        return used + HEAD + sender_length + size

    cdef int _grow(self) except -1:
        """Room for one more of the largest, at least."""
        cdef unsigned char* larger = <unsigned char*>realloc(self._records, 2 * self._room)
        if larger == NULL:
            raise MemoryError
        self._records = larger
        self._room *= 2
        return 0
