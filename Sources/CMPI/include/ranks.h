#ifndef RANKS_H
#define RANKS_H

#include <stddef.h>

// The few calls of MPI that data-parallel training needs, on Open MPI's library (libmpi.so.40, of its versions 4 and
// 5), which is looked for when the program runs: one build serves machines with MPI and without. Not thread-safe:
// call from one thread at a time. Functions that return an int return 0, or 1 and a reason in ranks_problem().

/// Loads the library and joins the other processes that mpirun started. Signals keep their handlers.
int ranks_join(void);

/// What went wrong in the last call that returned 1; valid until the next call.
const char *ranks_problem(void);

/// This process's number, 0 to ranks_count() - 1; after ranks_join().
int ranks_number(void);
int ranks_count(void);

/// values[i] becomes the sum over all processes, the same bits in all of them. MPI_Allreduce.
int ranks_sum_floats(float *values, size_t count);
int ranks_sum_doubles(double *values, size_t count);

/// values[i] becomes the largest of all processes.
int ranks_largest_doubles(double *values, size_t count);

/// Leaves; every process must call it. MPI_Finalize. Nothing where ranks_join() has not been called.
void ranks_leave(void);

/// Ends every process with this status. MPI_Abort. Returns only where ranks_join() has not been called.
void ranks_abort(int status);

#endif
