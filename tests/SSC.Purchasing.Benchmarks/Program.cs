using SSC.Purchasing.Benchmarks.Budgets;
using SSC.Purchasing.Benchmarks.Load;

// budgets  measures every budget of the architecture against its reference in the same run.
// load     is how that starts its own load generator, in a process of its own.
// nothing  is an empty .NET process, the reference for starting the service.
return args switch
{
    ["budgets", .. var rest] => await BudgetRun.Run(rest),
    ["load", var plan] => await LoadGenerator.Run(plan),
    ["nothing"] => 0,
    _ => BudgetRun.Usage(),
};
