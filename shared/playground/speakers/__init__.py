"""Speakers: implementations of the engine's agent port, scripted or backed by a model."""
