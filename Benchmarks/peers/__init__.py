"""The engines that are compared with ours, each a process that stays loaded and answers a line with a line."""
