"""What the bot does for each intent, the guided flows and the life of a case: pure, standard library only."""
