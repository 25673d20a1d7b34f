/* A wall clock that a test moves: CLOCK_REALTIME plus the microseconds in the file that HEPBOX_TEST_CLOCK names.
 * The monotonic clock, sleeps and file times stay the kernel's. (libfaketime 0.9.10 makes Python's sleep fail and Redis
 * hang.) Preloaded into every process of an instance: tests/faults/dial.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#ifdef __x86_64__
#define VERSION "GLIBC_2.3.2" /* dlsym would find the older one that lies beside it */
#else
#define VERSION "GLIBC_2.17"
#endif

static const volatile int64_t *offset_us;

__attribute__((constructor)) static void open_clock(void) {
    const char *path = getenv("HEPBOX_TEST_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *mapped = mmap(NULL, sizeof *offset_us, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (mapped != MAP_FAILED)
        offset_us = mapped;
}

static void move(struct timespec *when, int64_t by_us) {
    int64_t ns = when->tv_nsec + by_us % 1000000 * 1000;
    when->tv_sec += by_us / 1000000 + (ns >= 1000000000) - (ns < 0);
    when->tv_nsec = ns < 0 ? ns + 1000000000 : ns % 1000000000;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    if (!failed && offset_us && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        move(now, *offset_us);
    return failed;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}

/* Waits until a time of the moved clock; what is no date is a time of the monotonic clock. */
int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *until) {
    static int (*next)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    if (!next)
        next = (int (*)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *))dlvsym(
            RTLD_NEXT, "pthread_cond_timedwait", VERSION);
    struct timespec kernels = *until;
    if (offset_us && until->tv_sec > 1000000000)
        move(&kernels, -*offset_us);
    return next(cond, mutex, &kernels);
}
