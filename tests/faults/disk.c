/* A disk that is slow to sync: fsync and fdatasync take as many milliseconds more as the file says that
 * HEPBOX_TEST_DISK names. Preloaded into every process of an instance: tests/faults/dial.py. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static const volatile int64_t *delay_ms;

__attribute__((constructor)) static void open_disk(void) {
    const char *path = getenv("HEPBOX_TEST_DISK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *mapped = mmap(NULL, sizeof *delay_ms, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (mapped != MAP_FAILED)
        delay_ms = mapped;
}

static void wait_for_it(void) {
    if (delay_ms && *delay_ms > 0)
        usleep((useconds_t)(*delay_ms * 1000));
}

int fsync(int file) {
    wait_for_it();
    return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
    wait_for_it();
    return (int)syscall(SYS_fdatasync, file);
}
