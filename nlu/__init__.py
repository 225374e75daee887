"""What a person meant: the training data, Rasa in its own environment, and the client that asks it."""
