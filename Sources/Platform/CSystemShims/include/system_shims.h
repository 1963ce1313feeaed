#ifndef BUCKLER_SYSTEM_SHIMS_H
#define BUCKLER_SYSTEM_SHIMS_H

/// No core dump and no tracing by other processes of this user (prctl is variadic, so Swift cannot call it).
void buckler_make_undumpable(void);

/// 1 if the kernel counts the clock as synchronised, 0 if not, -1 if it does not tell.
int buckler_clock_is_synchronised(void);

#endif
