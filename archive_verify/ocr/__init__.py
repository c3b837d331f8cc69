"""Optical character recognition: engines, weights, cache of page readings."""
