#!/bin/bash
# A forward pass after the first of its size takes no memory from the heap, on any number of threads; nor does a step of
# training.
#
#   Tests/EndToEnd/allocations.sh [BUILD_FOLDER]        default: .build/release

set -u
cd "$(dirname "$0")/../.."
exec "${1:-.build/release}/allocation-check"
