// Preloaded, it makes a program forget every flush: replay must find out.
int fsync(int descriptor) { return 0; }
int fdatasync(int descriptor) { return 0; }
int syncfs(int descriptor) { return 0; }
void sync(void) {}
