#ifndef CEPOLL_H
#define CEPOLL_H

/// What Swift's Glibc module leaves out.
#include <stddef.h>
#include <sys/epoll.h>

/// The first place of a text in another one; the header has it for GNU's own programs only.
void *memmem(const void *text, size_t length, const void *part, size_t partLength);

#endif
