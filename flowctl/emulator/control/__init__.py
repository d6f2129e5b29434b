"""The control plane: reset, request log, faults, settings. Loopback only, never logged, never faulted."""
