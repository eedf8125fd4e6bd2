"""Where the stages meet: cases, alternatives, the method, and the finished study."""
