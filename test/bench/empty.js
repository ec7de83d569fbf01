// Bare Node: what every start costs.
