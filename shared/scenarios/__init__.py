"""Test scenarios, drafted from captured sessions of any kind."""
