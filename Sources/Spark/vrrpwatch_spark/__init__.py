"""vrrpwatch over many captures, on Apache Spark: the program judges, Spark brings captures and program together."""
