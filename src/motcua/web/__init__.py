"""The pages: officer, leadership, citizen and public fronts; views translate, nothing more."""
