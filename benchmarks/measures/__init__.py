"""What can be measured: functions that take plain values, run in a process of their own, and return plain figures."""
