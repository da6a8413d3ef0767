"""Secrets of the stack: values of SSM Parameter Store and Secrets Manager."""
