"""Secret values of a run, and their removal from output in any encoding."""
