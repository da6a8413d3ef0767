"""Graph validation: findings about a graph, each from one small rule."""
