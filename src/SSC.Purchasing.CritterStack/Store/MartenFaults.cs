using System.Runtime.ExceptionServices;
using JasperFx.Events;
using Marten.Exceptions;
using Npgsql;

namespace SSC.Purchasing.CritterStack;

/// <summary>What Marten's exceptions mean to the store.</summary>
internal static class MartenFaults
{
    /// <summary>Marten has two ways to say that a stream has moved on, and one that it is locked: they mean the same here.</summary>
    public static bool IsConflict(Exception e) =>
        e is EventStreamUnexpectedMaxEventIdException
            or JasperFx.Events.ExistingStreamIdCollisionException or Marten.Exceptions.ExistingStreamIdCollisionException
            or JasperFx.Events.StreamLockedException or Marten.Exceptions.StreamLockedException;

    /// <summary>
    /// Awaits Marten's work with the database's own exceptions, which the store knows: which of them leave open whether a batch was
    /// committed, for example.
    /// </summary>
    public static async Task Unwrapped(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (MartenCommandException wrapped) when (wrapped.InnerException is NpgsqlException own)
        {
            ExceptionDispatchInfo.Throw(own);
        }
    }
}
