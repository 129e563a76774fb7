global using Streamline.TestSupport;
