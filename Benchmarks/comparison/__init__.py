"""Runs the engines in turn on one machine and writes what was measured."""
