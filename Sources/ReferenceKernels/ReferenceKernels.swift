// Filled by the first commits of this target.
