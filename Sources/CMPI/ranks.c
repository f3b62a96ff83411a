#include "ranks.h"

#include <dlfcn.h>
#include <stdio.h>

// This file uses Open MPI's binary interface, whose handles are addresses of exported objects. Other MPIs
// have other interfaces (MPICH's handles are numbers), so their libraries are never loaded under this name.
typedef void *Handle;

#define MPI_IN_PLACE ((void *)1)
#define MPI_THREAD_SERIALIZED 2

static struct {
    void *library;
    Handle world, type_float, type_double, sum, largest;
    int (*init_thread)(int *, char ***, int, int *);
    int (*finalize)(void);
    int (*abort)(Handle, int);
    int (*comm_rank)(Handle, int *);
    int (*comm_size)(Handle, int *);
    int (*allreduce)(const void *, void *, int, Handle, Handle, Handle);
    int number, count, joined;
} mpi;

static char problem[512];

const char *ranks_problem(void) { return problem; }

static int failed(const char *what, const char *detail) {
    snprintf(problem, sizeof problem, "%s: %s", what, detail ? detail : "unknown");
    return 1;
}

static int load(const char *name, void **place) {
    *place = dlsym(mpi.library, name);
    return *place ? 0 : failed("Open MPI lacks a symbol", name);
}

static int load_all(void) {
    // Open MPI's own plugins need its symbols to be global.
    mpi.library = dlopen("libmpi.so.40", RTLD_NOW | RTLD_GLOBAL);
    if (!mpi.library) return failed("cannot load Open MPI (Debian: libopenmpi3)", dlerror());
    return load("ompi_mpi_comm_world", &mpi.world) || load("ompi_mpi_float", &mpi.type_float) ||
           load("ompi_mpi_double", &mpi.type_double) ||
           load("ompi_mpi_op_sum", &mpi.sum) || load("ompi_mpi_op_max", &mpi.largest) ||
           load("MPI_Init_thread", (void **)&mpi.init_thread) ||
           load("MPI_Finalize", (void **)&mpi.finalize) || load("MPI_Abort", (void **)&mpi.abort) ||
           load("MPI_Comm_rank", (void **)&mpi.comm_rank) ||
           load("MPI_Comm_size", (void **)&mpi.comm_size) ||
           load("MPI_Allreduce", (void **)&mpi.allreduce);
}

int ranks_join(void) {
    if (mpi.joined) return 0;
    if (load_all()) return 1;
    int provided = 0;
    if (mpi.init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided) != 0) {
        return failed("MPI_Init_thread", "failed");
    }
    if (provided < MPI_THREAD_SERIALIZED) return failed("MPI_Init_thread", "no support for threads");
    if (mpi.comm_rank(mpi.world, &mpi.number) != 0 || mpi.comm_size(mpi.world, &mpi.count) != 0) {
        return failed("MPI_Comm_rank", "failed");
    }
    mpi.joined = 1;
    return 0;
}

int ranks_number(void) { return mpi.number; }
int ranks_count(void) { return mpi.count; }

// MPI counts in int, so longer runs are split.
static const size_t piece = (size_t)1 << 28;

static int reduce(char *values, size_t count, size_t size, Handle type, Handle operation) {
    for (size_t done = 0; done < count; done += piece) {
        size_t rest = count - done < piece ? count - done : piece;
        if (mpi.allreduce(MPI_IN_PLACE, values + done * size, (int)rest, type, operation, mpi.world) != 0) {
            return failed("MPI_Allreduce", "failed");
        }
    }
    return 0;
}

int ranks_sum_floats(float *values, size_t count) {
    return reduce((char *)values, count, sizeof(float), mpi.type_float, mpi.sum);
}

int ranks_sum_doubles(double *values, size_t count) {
    return reduce((char *)values, count, sizeof(double), mpi.type_double, mpi.sum);
}

int ranks_largest_doubles(double *values, size_t count) {
    return reduce((char *)values, count, sizeof(double), mpi.type_double, mpi.largest);
}

void ranks_leave(void) {
    if (mpi.joined) mpi.finalize();
    mpi.joined = 0;
}

void ranks_abort(int status) {
    if (mpi.joined) mpi.abort(mpi.world, status);
}
