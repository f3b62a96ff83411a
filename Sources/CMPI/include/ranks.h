#ifndef RANKS_H
#define RANKS_H

#include <stddef.h>

// The calls of MPI that data-parallel training needs. They use Open MPI's library (libmpi.so.40, of versions
// 4 and 5), which is loaded at run time, so one build serves machines with and without MPI. They are not
// thread-safe: one thread at a time may call them. Functions that return an int return 0, or 1 with a reason
// in ranks_problem().

/// Loads the library and joins the other processes that mpirun started. Signal handlers stay unchanged.
int ranks_join(void);

/// Returns the problem of the last call that returned 1; valid until the next call.
const char *ranks_problem(void);

/// Returns this process's number, 0 to ranks_count() - 1. It must be called after ranks_join().
int ranks_number(void);
int ranks_count(void);

/// Replaces values[i] by the sum over all processes, with the same bits in each, with MPI_Allreduce.
int ranks_sum_floats(float *values, size_t count);
int ranks_sum_doubles(double *values, size_t count);

/// Replaces values[i] by the largest value of all processes.
int ranks_largest_doubles(double *values, size_t count);

/// Leaves the group with MPI_Finalize; every process must call it. Does nothing if ranks_join() has not been
/// called.
void ranks_leave(void);

/// Ends all processes with this status, with MPI_Abort. Returns only if ranks_join() has not been called.
void ranks_abort(int status);

#endif
