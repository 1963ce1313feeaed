#ifndef BUCKLER_SYSTEM_SHIMS_H
#define BUCKLER_SYSTEM_SHIMS_H

#include <spawn.h>

/// No core dump and no tracing by other processes of this user (prctl is variadic, so Swift cannot call it).
void buckler_make_undumpable(void);

/// 1 if the kernel counts the clock as synchronised, 0 if not, -1 if it does not tell.
int buckler_clock_is_synchronised(void);

/// The child closes its descriptors from `first` on (on macOS the flag POSIX_SPAWN_CLOEXEC_DEFAULT does it instead). An errno.
int buckler_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

/// The child works in `folder`. An errno.
int buckler_spawn_work_in(posix_spawn_file_actions_t *actions, const char *folder);

#endif
