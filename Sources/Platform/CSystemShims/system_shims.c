// The functions of posix_spawn that POSIX does not have yet are behind this.
#define _GNU_SOURCE

#include "system_shims.h"

#include <sys/resource.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/timex.h>
#endif

void buckler_make_undumpable(void) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int buckler_clock_is_synchronised(void) {
#ifdef __linux__
    struct timex state = {0};
    if (adjtimex(&state) < 0) return -1;
    return (state.status & STA_UNSYNC) ? 0 : 1;
#else
    return -1;
#endif
}

int buckler_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
#ifdef __linux__
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
#else
    return 0;
#endif
}

int buckler_spawn_work_in(posix_spawn_file_actions_t *actions, const char *folder) {
    return posix_spawn_file_actions_addchdir_np(actions, folder);
}
