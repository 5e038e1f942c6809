using System.Data.Common;
using EventForum.Access;
using Marten.Storage;
using Weasel.Core;
using Weasel.Storage;

namespace EventForum.Commands;

/// <summary>
/// Has a save fail where somebody was erased of whom this server has not heard when it found out who sends the commands: nobody
/// writes as a member who is erased. It is asked behind the events: an erasure waits for who has begun to append some, and who
/// is to append some waits for the erasure.
/// </summary>
/// <param name="known">The position of the last erasure that this server has heard of.</param>
internal sealed class NobodyErasedSince(long known) : Weasel.Storage.IStorageOperation
{
    /// <summary>As of SQL that a session queues: behind the events, and no document's.</summary>
    public Type DocumentType => typeof(StorageFeatures);

    public OperationRole Role() => OperationRole.Other;

    public void ConfigureCommand(ICommandBuilder builder, IStorageSession session) => builder.Append(ErasureTable.Last);

    public async Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token)
    {
        await reader.ReadAsync(token);
        if (await reader.GetFieldValueAsync<long>(0, token) != known)
        {
            exceptions.Add(new ErasedMeanwhileException());
        }
    }
}

/// <summary>Somebody was erased while a batch was being carried out. It is carried out anew.</summary>
internal sealed class ErasedMeanwhileException() : Exception("Somebody was erased meanwhile.");
