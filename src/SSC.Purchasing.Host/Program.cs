return await SSC.Purchasing.Host.Cli.CommandLine.Run(args);
