#include <argon2.h>
#if defined(__linux__)
#include <malloc.h>
#endif
