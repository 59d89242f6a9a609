#ifndef CEPOLL_H
#define CEPOLL_H

/// What Swift's Glibc module leaves out.
#include <sys/epoll.h>

#endif
